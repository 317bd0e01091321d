export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const LANDLINE = /^\+33[1-59]|^\+(590590|594594|596596|262262|262263|262269)/;

/** Why Twilio would answer 4xx to these fields, or undefined. */
export function refusalOf(form: URLSearchParams): Refusal | undefined {
  const to = form.get('To') ?? '';
  const body = form.get('Body') ?? '';
  const callback = form.get('StatusCallback');
  if (to === '') return bad(21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return bad(21211, "Invalid 'To' Phone Number");
  if (LANDLINE.test(to)) return bad(21614, "'To' number is not a valid mobile number");
  if (!form.get('From') && !form.get('MessagingServiceSid'))
    return bad(21603, "A 'From' phone number is required.");
  if (body === '') return bad(21602, 'Message body is required.');
  if (body.length > 1600)
    return bad(21617, 'The concatenated message body exceeds the 1600 character limit.');
  if (callback !== null && !/^https?:\/\//.test(callback)) return bad(21609, 'Invalid StatusCallback URL');
  return undefined;
}

function bad(code: number, message: string): Refusal {
  return { status: 400, code, message };
}

/** Twilio's own shape of an error. */
export function errorBody({ status, code, message }: Refusal): Record<string, unknown> {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}
