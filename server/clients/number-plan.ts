import { Metadata, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';

export interface NumberPlan {
  /** "7" */
  readonly countryCode: string;
  /** What a national number is dialled with: "8" in Russia; "" where nothing is. */
  readonly trunkPrefix: string;
}

/** How people begin a number in this country (ISO 3166); without a known country only international spellings are understood. */
export const numberPlanOf = (country: string): NumberPlan => {
  if (!isSupportedCountry(country)) return { countryCode: '', trunkPrefix: '' };
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  // The library has it and its types leave it out.
  const plan = metadata.numberingPlan as unknown as { nationalPrefix(): string | undefined };
  return { countryCode: getCountryCallingCode(country), trunkPrefix: plan.nationalPrefix() ?? '' };
};
