import { defineStrings } from '../core/i18n.ts';

export const t = defineStrings({
  en: {
    inAnHour: 'In 1 h',
    thisEvening: 'This evening',
    tomorrowMorning: 'Tomorrow 10:00',
    close: 'Close',
    retry: 'Try again',
    loading: 'Loading…',
    more: 'Show more',
    noNumber: 'Number withheld',
    mobile: 'mobile',
    timeThere: 'Time there',
    lateThere: 'It is before 9 or after 21 o’clock there',
    notifications: 'Notifications',
  },
  ru: {
    inAnHour: 'Через час',
    thisEvening: 'Вечером',
    tomorrowMorning: 'Завтра 10:00',
    close: 'Закрыть',
    retry: 'Повторить',
    loading: 'Загрузка…',
    more: 'Показать ещё',
    noNumber: 'Номер скрыт',
    mobile: 'мобильный',
    timeThere: 'Время там',
    lateThere: 'Там раньше 9 или позже 21 часа',
    notifications: 'Уведомления',
  },
});
