import { role } from '../core/authorize.ts';

/** Letters are personal data of clients: whoever runs the machine sees that they went, nobody here reads them. */
export const mailPolicy = { outbox: role('administrator'), retry: role('administrator'), test: role('administrator') } as const;
