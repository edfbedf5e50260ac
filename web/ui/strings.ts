import { defineStrings } from '../core/i18n.ts';

export const t = defineStrings({
  en: {
    close: 'Close',
    retry: 'Try again',
    loading: 'Loading…',
    more: 'Show more',
    noNumber: 'Number withheld',
    notifications: 'Notifications',
  },
  ru: {
    close: 'Закрыть',
    retry: 'Повторить',
    loading: 'Загрузка…',
    more: 'Показать ещё',
    noNumber: 'Номер скрыт',
    notifications: 'Уведомления',
  },
});
