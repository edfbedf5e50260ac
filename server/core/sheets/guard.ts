/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
/** A number in international form is no formula to anybody, and must come back as it went. */
const PHONE = /^\+\d[\d ()-]{5,20}(?:; \+?\d[\d ()-]{5,20})*$/;

/** Text as a cell that no spreadsheet evaluates. */
export const guarded = (text: string): string => (FORMULA.test(text) && !PHONE.test(text) ? `'${text}` : text);

/** Characters that XML 1.0 does not have are dropped, not escaped. */
export const xmlText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (c) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[c]};`);
