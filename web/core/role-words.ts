import type { Role } from '../../server/users/contract.ts';
import { defineStrings } from './i18n.ts';

/** What somebody of each role is called. */
export const roleWords = defineStrings<Record<Role, string>>({
  en: {
    operator: 'Operator',
    complaints: 'Complaints officer',
    supervisor: 'Supervisor',
    manager: 'Manager',
    administrator: 'Administrator',
  },
  ru: {
    operator: 'Оператор',
    complaints: 'Специалист по жалобам',
    supervisor: 'Супервизор',
    manager: 'Руководитель',
    administrator: 'Администратор',
  },
});
