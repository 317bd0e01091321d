import {
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
  isSupportedCountry,
} from 'libphonenumber-js/max';

export interface ParsedPhone {
  readonly valid: boolean;
  /** It can receive a text message; a landline is a contact, never a message target. */
  readonly mobile: boolean;
  readonly e164: string | null;
  /** ISO 3166 code, overseas France by its own (`GP`, `RE`…); null when the number is not valid. */
  readonly territory: string | null;
}

const INVALID: ParsedPhone = { valid: false, mobile: false, e164: null, territory: null };

/** Longer than any number with its spaces: not worth reading. */
const LONGEST = 60;

/**
 * National overseas numbers by their first digits, after the 0 (ARCEP numbering plan): they own a country code,
 * whatever the service that types them. 709 is shared out by its next digits: the code where it is valid.
 */
const OVERSEAS_CODES: Readonly<Record<string, readonly string[]>> = {
  690: ['590'],
  691: ['590'],
  694: ['594'],
  696: ['596'],
  697: ['596'],
  692: ['262'],
  693: ['262'],
  639: ['262'],
  709: ['590', '594', '596', '262'],
  590: ['590'],
  594: ['594'],
  596: ['596'],
  262: ['262'],
  263: ['262'],
  269: ['262'],
};
const OVERSEAS_MOBILE = /^(69[0-4]|69[67]|639|709)/;

/**
 * Mobiles by country code and first digits. ARCEP opens their blocks one after the other and a library's tables come
 * later: nine digits make a number, given out or not. 0700 begins the fourteen digits of machines, 0708 is Saint-Pierre’s.
 */
const FRENCH_MOBILES: readonly { code: string; prefix: RegExp; territory: CountryCode }[] = [
  { code: '33', prefix: /^(6|7(?!0[08]))/, territory: 'FR' },
  { code: '590', prefix: /^69[01]/, territory: 'GP' },
  { code: '594', prefix: /^694/, territory: 'GF' },
  { code: '596', prefix: /^69[67]/, territory: 'MQ' },
  { code: '262', prefix: /^69[23]/, territory: 'RE' },
  { code: '262', prefix: /^639/, territory: 'YT' },
  { code: '508', prefix: /^708/, territory: 'PM' },
];
const NATIONAL_DIGITS = 9;

/** Country codes of several territories, the usual one first; `ownPrefix`: what belongs to one of them only. */
const SHARED_CODES: Readonly<Record<string, { territories: readonly CountryCode[]; ownPrefix: RegExp }>> = {
  590: { territories: ['GP', 'BL', 'MF'], ownPrefix: /^590(?!27|29|77|79|87)/ },
  262: { territories: ['RE', 'YT'], ownPrefix: /^(26[239]|69[23]|639|709)/ },
};

/**
 * Reads a number as people type it: spaces, dots, dashes, slashes, `0033`, `+33 (0)6`, with or without its 0.
 * An overseas number is recognised by its prefix; those of PM, NC, PF and WF need their code or the hint.
 * Never throws, whatever the input.
 * @param territory hint: that of the service (`GF`), any ISO country code
 */
export function parsePhone(input: string, territory?: string | null): ParsedPhone {
  const typed = clean(input);
  if (typed === undefined) return INVALID;
  const hint = hintOf(territory);
  for (const candidate of candidates(typed, hint)) {
    const phone = candidate();
    if (phone === undefined || isOverseasMobileUnderFrance(phone)) continue;
    const home = homeOfMobile(phone);
    if (home !== undefined || phone.isValid()) return describe(phone, home, hint);
  }
  return INVALID;
}

/** The territory whose mobile it is by its prefix, given out or not; undefined when the library's tables decide. */
function homeOfMobile({ countryCallingCode, nationalNumber }: PhoneNumber): CountryCode | undefined {
  if (nationalNumber.length !== NATIONAL_DIGITS) return undefined;
  const mobiles = FRENCH_MOBILES.filter(({ code }) => code === countryCallingCode);
  return mobiles.find(({ prefix }) => prefix.test(nationalNumber))?.territory;
}

/** Digits, with `+` in front when a country code was typed; undefined when it holds anything else. */
function clean(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.length > LONGEST) return undefined;
  const compact = input
    .normalize('NFKC')
    .replace(/^\s*tel:/i, '')
    .replace(/[\s\p{Cf}./\\_\p{Pd}\u00b7\u2022\u2212]/gu, '')
    .replace(/^(\+|00)(\d{1,3})\(0\)/, '$1$2')
    .replace(/[()[\]]/g, '');
  if (!/^\+?\d{4,17}$/.test(compact)) return undefined;
  return compact.replace(/^00/, '+').replace(/^\+(33|590|594|596|262)0/, '+$1');
}

function hintOf(territory: string | null | undefined): CountryCode {
  const code = typeof territory === 'string' ? territory.trim().toUpperCase() : '';
  return isSupportedCountry(code) ? code : 'FR';
}

type Reading = () => PhoneNumber | undefined;

/** The readings to try, in order; the first valid one wins. */
function candidates(typed: string, hint: CountryCode): Reading[] {
  if (typed.startsWith('+')) return [() => parsePhoneNumberFromString(typed)];
  const codes = overseasCodes(typed);
  const readings: Reading[] = codes.map(
    (code) => () => parsePhoneNumberFromString(`+${code}${typed.slice(-9)}`),
  );
  // The mainland gave these prefixes away: what is not valid overseas is no number of the mainland either.
  const countries = [hint, 'FR' as const].filter((country) => country !== 'FR' || codes.length === 0);
  for (const country of countries) readings.push(() => parsePhoneNumberFromString(typed, country));
  // A code typed without its plus. The lengths keep it apart from every national number.
  if (/^(33\d{9}|(590|594|596|262)\d{9}|689\d{8})$/.test(typed))
    readings.push(() => parsePhoneNumberFromString(`+${typed}`));
  return readings;
}

/** Nine digits is the same number whose 0 a spreadsheet ate. */
function overseasCodes(typed: string): readonly string[] {
  const prefix = /^0?([1-9]\d\d)\d{6}$/.exec(typed)?.[1];
  return (prefix === undefined ? undefined : OVERSEAS_CODES[prefix]) ?? [];
}

function isOverseasMobileUnderFrance(phone: PhoneNumber): boolean {
  return phone.countryCallingCode === '33' && OVERSEAS_MOBILE.test(phone.nationalNumber);
}

function describe(phone: PhoneNumber, home: CountryCode | undefined, hint: CountryCode): ParsedPhone {
  const type = phone.getType();
  return {
    valid: true,
    mobile: home !== undefined || type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE',
    e164: phone.number,
    territory: territoryOf(phone, home, hint),
  };
}

/**
 * Under a shared code: the territory whose prefix it is (0692 is RE, 0639 YT); where the prefix serves several
 * (0690 is GP, BL and MF alike) the hint when it is one of them, else the usual one.
 */
function territoryOf(phone: PhoneNumber, home: CountryCode | undefined, hint: CountryCode): string | null {
  const sharing = SHARED_CODES[phone.countryCallingCode];
  const own = sharing?.ownPrefix.test(phone.nationalNumber) ?? true;
  if (!own && sharing?.territories.includes(hint) === true) return hint;
  return home ?? phone.country ?? sharing?.territories[0] ?? null;
}
