import os, time, json
def test_x(accounts, live, modelled):
    json.dump({"accounts": accounts.live.url, "live": live.url, "modelled": modelled.live.url, "people": {n: vars(p) for n, p in accounts.people.items()}}, open("/tmp/b5/h.json", "w"), ensure_ascii=False)
    while not os.path.exists("/tmp/b5/h.stop"):
        if os.path.exists("/tmp/b5/h.behave"):
            modelled.model.behave(open("/tmp/b5/h.behave").read().strip())
        time.sleep(1)
