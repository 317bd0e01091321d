/** Another type or agenda has other seats: the whole form comes back. */
export function reload(action: string) {
  return {
    'hx-post': `${action}/preview`,
    'hx-trigger': 'change',
    'hx-select': '#booking',
    'hx-target': '#booking',
    'hx-swap': 'outerHTML show:none',
    'hx-sync': '#booking:queue last',
  };
}

/** A date, a seat or a choice of messages changes the texts only: what is being typed is left alone. */
export function refresh(action: string) {
  return {
    'hx-post': `${action}/preview`,
    'hx-trigger': 'change',
    'hx-select': '#preview',
    'hx-target': '#preview',
    'hx-select-oob': '#confirm,#cost-true,#cost-false',
    'hx-swap': 'outerHTML show:none',
    'hx-sync': 'this:queue last',
  };
}
