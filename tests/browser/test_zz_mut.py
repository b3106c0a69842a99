import dataclasses, tests.browser.test_journeys as J, tests.browser.test_accessibility as A
from tests.browser.conftest import *
import pathlib, axe_core_python
def test_mut(accounts, visitors):
    u=accounts.live.url
    page=logged_in(visitors.context("zh"),accounts,"lin")
    shown(page,u+"/plan"); ann=accounts["ann"]
    zh=J.foreign(page,dataclasses.replace(accounts["lin"],lang="en")); print("foreign zh on en:",len(zh))
    page2=logged_in(visitors.context("en"),accounts,"ann"); shown(page2,u+"/plan")
    en=J.foreign(page2,dataclasses.replace(ann,lang="zh")); print("foreign en on zh:",len(en), "sentences", len(J.sentences("en")), len(J.sentences("zh")), sum(any(t==s or (len(s)>20 and s in t) for s in J.sentences("en")) for t in en))
    page.add_style_tag(content="*{outline:none!important;box-shadow:none!important;border-color:red!important}")
    seen=[]
    for _ in range(12):
        page.keyboard.press("Tab"); seen.append(page.evaluate(J._HERE)["ring"])
    print("rings without style", seen)
    page3=logged_in(visitors.context("zh"),accounts,"zoe"); shown(page3,u+"/library"); page3.screenshot(path="/tmp/b5/shots/refused.png")
    print(A.findings(page3,(pathlib.Path(axe_core_python.__file__).parent/"axe.min.js").read_text()))
    page3.set_viewport_size({"width":390,"height":844}); page3.screenshot(path="/tmp/b5/shots/refused-phone.png")
