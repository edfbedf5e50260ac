import { defineStrings } from '../core/i18n.ts';

export const t = defineStrings({
  en: {
    none: 'No files yet',
    noneText: 'Drop a file here, or choose one.',
    choose: 'Choose files',
    uploading: (name: string, percent: number) => `${name}: ${percent}%`,
    tooLarge: (mb: number) => `A file may have ${mb} MB at most.`,
    view: (name: string) => `Look at ${name}`,
    download: (name: string) => `Save ${name}`,
    remove: (name: string) => `Take ${name} away`,
    restore: 'Put back',
    removed: (name: string) => `${name} was taken away`,
    mb: 'MB',
    kb: 'kB',
  },
  ru: {
    none: 'Файлов пока нет',
    noneText: 'Перетащите файл сюда или выберите его.',
    choose: 'Выбрать файлы',
    uploading: (name, percent) => `Отправляется ${name}: ${percent} %`,
    tooLarge: (mb) => `Файл может быть не больше ${mb} МБ.`,
    view: (name) => `Посмотреть: ${name}`,
    download: (name) => `Сохранить: ${name}`,
    remove: (name) => `Убрать: ${name}`,
    restore: 'Вернуть',
    removed: (name) => `Файл «${name}» убран`,
    mb: 'МБ',
    kb: 'КБ',
  },
});
