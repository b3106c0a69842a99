#!/bin/sh
# A Chromium with Chinese fonts for the tests that drive a browser, where the system allows; never fails: they are skipped then.
for name in "$COACH_CHROMIUM" chromium chromium-browser google-chrome; do
  [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done
python=${1:-python3}
"$python" -c 'import sys; from playwright.sync_api import sync_playwright as p
with p() as run: sys.exit(not __import__("os").path.exists(run.chromium.executable_path))' >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the tests in a browser"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null 2>&1 && exit 0
fi
timeout 300 "$python" -m playwright install chromium >/dev/null 2>&1 && exit 0
echo "Chromium could not be installed; tests in a browser will be skipped. By hand: apt-get install chromium fonts-noto-cjk"
exit 0
