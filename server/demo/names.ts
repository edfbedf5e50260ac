/** Material of which the demo makes people and companies that do not exist. */

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

export const RU = {
  men: list(`Александр Алексей Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий Владимир Георгий Глеб Денис Дмитрий Евгений Егор Иван
    Игорь Илья Кирилл Константин Леонид Максим Матвей Михаил Никита Николай Олег Павел Пётр Роман Руслан Семён Сергей Степан Тимур Фёдор Юрий`),
  women:
    list(`Алёна Алина Алла Анастасия Анна Валентина Вера Вероника Виктория Галина Дарья Диана Евгения Екатерина Елена Елизавета Жанна Зоя
    Инна Ирина Карина Кира Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина Светлана София Татьяна Юлия`),
  /** The man's form; a woman's has an а. */
  surnames: list(`Абрамов Агафонов Аксёнов Андреев Антонов Афанасьев Баранов Белов Беляев Богданов Борисов Быков Васильев Виноградов Власов
    Воробьёв Воронов Гаврилов Герасимов Голубев Горбунов Гришин Громов Гусев Давыдов Денисов Дмитриев Дорофеев Егоров Емельянов Ершов Ефимов
    Жуков Журавлёв Зайцев Захаров Зимин Зуев Иванов Игнатьев Ильин Исаев Калинин Карпов Киселёв Климов Ковалёв Козлов Колесников Комаров
    Кондратьев Королёв Костин Кравцов Крылов Кудрявцев Кузнецов Кузьмин Лазарев Лебедев Логинов Макаров Максимов Мартынов Медведев Мельников
    Миронов Михайлов Морозов Назаров Некрасов Никитин Николаев Новиков Носков Орехов Орлов Осипов Павлов Панов Петров Поляков Пономарёв Попов
    Прохоров Родионов Романов Рябов Савельев Самсонов Семёнов Сергеев Сидоров Симонов Смирнов Соболев Соколов Соловьёв Сорокин Степанов Суханов
    Тарасов Тимофеев Титов Тихонов Трофимов Уваров Фёдоров Филатов Фомин Фролов Чернов Шестаков Широков Щербаков Юдин Яковлев`),
  fathers:
    list(`Алексеев Андреев Борисов Васильев Викторов Владимиров Дмитриев Евгеньев Иванов Игорев Константинов Михайлов Николаев Олегов Павлов
    Петров Романов Сергеев Фёдоров Юрьев`),
  firstHalves:
    list(`Авто Агро Альфа Аква Вектор Гидро Дельта Евро Инфо Контур Мега Мед Метал Норд Опти Пром Регион Рос Свет Север Сибирь Спец Строй
    Тех Транс Урал Фарм Флора Эко Электро Энерго Юг`),
  secondHalves:
    list(`импорт комплект логистика маркет мебель монтаж партнёр продукт проект ресурс сервис система снаб стандарт торг трейд центр
    экспорт`),
  forms: ['ООО', 'ООО', 'ООО', 'АО', 'ЗАО', 'НПО'],
} as const;

export const EN = {
  men: list(`Adam Alan Andrew Benjamin Brian Charles Daniel David Edward Eric George Graham Harry Jack James John Kevin Liam Mark Martin Michael
    Nathan Oliver Patrick Paul Peter Robert Samuel Simon Stephen Thomas William`),
  women:
    list(`Alice Amelia Amy Barbara Caroline Charlotte Claire Diana Eleanor Emily Emma Fiona Grace Hannah Helen Isabel Jane Julia Karen Laura Linda
    Lucy Margaret Mary Megan Nicola Olivia Rachel Rebecca Sarah Sophie Victoria`),
  surnames:
    list(`Adams Allen Baker Barnes Bennett Brooks Brown Campbell Carter Clarke Collins Cooper Cox Davies Edwards Evans Fisher Foster Grant Gray
    Green Griffin Hall Harris Hill Howard Hughes Jackson Johnson Jones Kelly King Lewis Marshall Mason Miller Mitchell Moore Morgan Murphy
    O'Brien O'Connor Owen Palmer Parker Phillips Porter Powell Price Reid Richards Roberts Robinson Rogers Scott Shaw Simpson Smith Spencer
    Stone Taylor Thompson Turner Walker Ward Watson White Williams Wilson Wood Wright Young`),
  firstHalves:
    list(`Amber Apex Blue Bright Castle Clear Copper Crown Delta East Falcon Granite Green Harbour Iron Lake Maple North Oak Orchard Pine
    Prime River Silver South Stone Summit Swift West Willow`),
  secondHalves:
    list(`Analytics Builders Consulting Electronics Foods Furniture Group Holdings Interiors Logistics Materials Media Motors Partners
    Press Services Solutions Supplies Systems Textiles Tools Trading Transport`),
  forms: ['Ltd', 'Ltd', 'Inc', 'LLC', 'plc'],
} as const;

export const POSITIONS = {
  ru: [
    'директор',
    'главный бухгалтер',
    'менеджер по закупкам',
    'секретарь',
    'инженер',
    'руководитель отдела',
    'системный администратор',
    'юрист',
  ],
  en: ['director', 'chief accountant', 'buyer', 'office manager', 'engineer', 'head of department', 'IT administrator', 'lawyer'],
} as const;

export const CLIENT_NOTES = {
  ru: [
    'Просит звонить после обеда.',
    'Постоянный клиент, скидка 5 %.',
    'Договор переподписан, оригинал в архиве.',
    'Предпочитает переписку по почте.',
    'Раньше работал с конкурентом, переходит к нам.',
    'Не звонить по пятницам.',
  ],
  en: ['Prefers to be called in the morning.', 'Long-standing client, 5% discount.', 'Prefers e-mail.', 'Asked for the new price list.'],
} as const;

/** What operators write when a call has ended, by its outcome. */
export const CALL_NOTES: Readonly<Record<string, readonly string[]>> = {
  resolved: [
    'Помогли сменить пароль, вход проверили.',
    'Уточнил срок доставки, сообщили: послезавтра.',
    'Выслали счёт повторно.',
    'Explained the invoice; all clear.',
    'Подсказали, как оформить возврат.',
    'Reset the access code, works now.',
  ],
  sale: ['Оформлен заказ на 12 коробок.', 'Продлил договор на год.', 'Ordered the starter kit.', 'Согласен на расширенный тариф.'],
  'call-back': ['Занят, просит перезвонить в 15:00.', 'Ждёт расчёт, перезвонить завтра.', 'Call back on Monday.'],
  complaint: ['Доставка опоздала на два дня.', 'Жалуется на долгое ожидание на линии.', 'The second delivery was damaged.'],
  'not-interested': ['Пока не нужно.', 'Работают с другим поставщиком.', 'Not this year.'],
  'wrong-number': ['Ошиблись номером.'],
  voicemail: ['Автоответчик.'],
  other: ['Ищет другую компанию.', 'Спрашивал режим работы.'],
};
