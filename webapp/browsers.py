"""What a device is called: its browser and its system, from what the browser says of itself."""

from webapp.texts import _, lazy

SYSTEMS = (
    ("HarmonyOS", lazy("鸿蒙")),
    ("Android", lazy("安卓")),
    ("iPhone", lazy("苹果手机")),
    ("iPad", lazy("苹果平板")),
    ("Windows", lazy("Windows")),
    ("Mac OS", lazy("苹果电脑")),
    ("Linux", lazy("Linux")),
)
"""In this order: Android calls itself Linux too."""

BROWSERS = (
    ("MicroMessenger", lazy("微信")),
    ("DingTalk", lazy("钉钉")),
    ("Edg", lazy("Edge")),
    ("Firefox", lazy("Firefox")),
    ("Chrome", lazy("Chrome")),
    ("Safari", lazy("Safari")),
)
"""In this order: nearly all call themselves Chrome and Safari too."""


def device_name(user_agent: str) -> str:
    """Return the device in words."""
    system = next((str(name) for sign, name in SYSTEMS if sign in user_agent), "")
    browser = next((str(name) for sign, name in BROWSERS if sign in user_agent), "")
    if system and browser:
        return _("%(system)s上的%(browser)s", system=system, browser=browser)
    return system or browser or _("不知道的浏览器")
