/**
 * In the page: forms of several buttons where the Enter key of a field presses one that is not the main one. A browser
 * takes the first: it must be the only one that is not secondary, or one out of sight that is there for that.
 */
export function misledByEnter(): string[] {
  const sends = 'button:not([type=button], [type=reset]), input:is([type=submit], [type=image])';
  return Array.from(document.forms).flatMap((form) => {
    const controls = Array.from(form.elements);
    const buttons = controls.filter((control) => control.matches(sends));
    const [first] = buttons;
    const boxes = controls.filter((control) => control.matches('select, [type=checkbox], [type=radio]'));
    const texts = controls.filter((control) => control.matches('input:not([type=hidden])'));
    if (first === undefined || buttons.length < 2 || boxes.length + texts.length === 0) return [];
    const where = `Enter in ${form.action}`;
    if (first.ariaHidden === 'true')
      // A browser passes a disabled button over when Enter comes from a box or a list.
      return boxes.length > 0 && first.matches(':disabled') ? [`${where} is left to chance`] : [];
    const main = buttons.filter((button) => !button.matches('.secondary, .link, .danger'));
    return main.length === 1 && main[0] === first ? [] : [`${where} presses ${first.textContent.trim()}`];
  });
}
