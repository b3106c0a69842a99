import os
import pickle
import time


def test_x(accounts, live, modelled):
    pickle.dump({"accounts": accounts.live.url, "ah": accounts.live.home, "live": live.url, "lh": live.home, "modelled": modelled.live.url, "mh": modelled.live.home, "people": {n: vars(p) for n, p in accounts.people.items()}}, open("/tmp/b5/h.pickle", "wb"))
    os.rename("/tmp/b5/h.pickle", "/tmp/b5/h.json")
    while not os.path.exists("/tmp/b5/h.stop"):
        if os.path.exists("/tmp/b5/h.behave"):
            modelled.model.behave(open("/tmp/b5/h.behave").read().strip())
        time.sleep(0.2)
