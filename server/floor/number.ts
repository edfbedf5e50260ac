import type { Call } from '../../cti/index.ts';
import { parsePhone } from '../core/phone.ts';

/** The other side's, as the trunk sent it; '' when withheld. */
export const rawNumberOf = ({ direction, from, to }: Call): string => (direction === 'in' ? from : to);

/** E.164 where it can be read. */
export const numberOf = (call: Call, country: string): string => parsePhone(rawNumberOf(call), country).e164 ?? rawNumberOf(call);
