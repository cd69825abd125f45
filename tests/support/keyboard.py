"""Going through a page with the keyboard alone, as somebody does who uses no mouse."""

from typing import Any


def press_until(page: Any, locator: Any, most: int = 120) -> None:
    """Press Tab until ``locator`` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reached {locator}")


def choose(page: Any, name: str, *, within: Any = None) -> None:
    """Tick a box, or choose a radio by the arrows."""
    box = (within or page).get_by_label(name, exact=True)
    group = box.get_attribute("name")
    if box.get_attribute("type") == "checkbox":
        press_until(page, box)
        page.keyboard.press("Space")
        return
    radios = page.locator(f'input[name="{group}"]')
    chosen = page.locator(f'input[name="{group}"]:checked')
    # Tab enters a group of radios at the chosen one.
    press_until(page, chosen if chosen.count() else radios.first)
    page.keyboard.press("Space")
    while not box.is_checked():
        page.keyboard.press("ArrowDown")


def write(page: Any, label: Any, text: str) -> None:
    """Go to the field and type."""
    press_until(page, page.get_by_label(label))
    page.keyboard.type(text)


def enter(page: Any) -> None:
    """Press Enter, which leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def follow(page: Any, name: Any) -> None:
    """Go to the first link of that name and open it."""
    press_until(page, page.get_by_role("link", name=name).first)
    enter(page)


def press(page: Any, name: Any) -> None:
    """Go to the button of that name and press it."""
    press_until(page, page.get_by_role("button", name=name, exact=True).first)
    enter(page)
