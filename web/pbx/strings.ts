import { defineStrings } from '../core/i18n.ts';

export const t = defineStrings({
  en: {
    offline: (name: string, since: string) =>
      `The telephone system${name ? ` ${name}` : ''} is out of reach since ${since}. Calls are not shown until it is back.`,
    standby: (name: string) => `The telephone system${name ? ` ${name}` : ''} is being taken over by another server.`,
  },
  ru: {
    offline: (name, since) => `АТС${name ? ` ${name}` : ''} не отвечает с ${since}. Пока связь не вернётся, звонки не видны.`,
    standby: (name) => `АТС${name ? ` ${name}` : ''} переходит к другому серверу.`,
  },
});
