import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync, strToU8 } from 'fflate';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSheet } from '../../server/core/sheets/write.ts';
import type { SheetFormat } from '../../server/core/sheets/write.ts';
import { draftOf, proposeMapping, splitPhones } from '../../server/imports/mapping.ts';
import { readCsv } from '../../server/imports/read/csv.ts';
import type { Line } from '../../server/imports/read/csv.ts';
import { officeKind, toXlsx } from '../../server/imports/read/office.ts';
import { kindOf, readTable } from '../../server/imports/read/table.ts';
import { delimiterOf, encodingOf } from '../../server/imports/read/text.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'allo-imports-'));
});
afterAll(() => rm(dir, { recursive: true }));

const collect = async (lines: AsyncIterable<Line>): Promise<Line[]> => {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
};
const read = async (name: string, bytes: Uint8Array): Promise<Line[]> => {
  const path = join(dir, name);
  await writeFile(path, bytes);
  return collect(readTable(path, bytes.length, await kindOf(path, name)));
};
const cells = (lines: readonly Line[]) => lines.map((line) => line.cells);
const parts = async function* (text: string, size: number): AsyncIterable<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
};

const TEXT = 'Имя;Телефон\nЁлкин Пётр;8 916 111-22-33\nООО «Рога и копыта»;+7 495 000-00-00\n';

test.each(['utf8', 'win1251', 'cp866', 'utf16le', 'utf16be'])('%s is recognised', async (encoding) => {
  const bytes = iconv.encode(encoding === 'cp866' ? TEXT.replace(/[«»]/g, '"') : TEXT, encoding, { addBOM: encoding.startsWith('utf16') });
  expect(encodingOf(bytes)).toBe(encoding);
  const lines = await read(`${encoding}.csv`, bytes);
  expect(lines[1]!.cells[0]).toBe('Ёлкин Пётр');
});

test('the separator is what divides the lines evenly', () => {
  expect(delimiterOf('a,b;c\n1,2;3\n"x;y;z",2;3\n')).toBe(';');
  expect(delimiterOf('a\tb\n1,5\t2\n')).toBe('\t');
  expect(delimiterOf('a,b\n"x;y",2\n')).toBe(',');
});

describe('csv', () => {
  test('quotes, line ends within them, and any cut of the parts', async () => {
    const text = 'a;b\r\n"x ""y""; z";"1\n2"\r\n\r\nlast;cell';
    const expected = [['a', 'b'], ['x "y"; z', '1\n2'], ['last', 'cell']]; // prettier-ignore
    for (let size = 1; size < text.length; size++)
      expect(cells(await collect(readCsv(parts(text, size), ';'))), `${size}`).toEqual(expected);
  });

  test('a quote that is never closed spoils its own line only, wherever it stands', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => (i === 7_000 ? 'x;"broken;1' : `name ${i};${i}`));
    const lines = await collect(readCsv(parts(`a;b\n${rows.join('\n')}\n`, 65_536), ';'));
    expect(lines).toHaveLength(20_001);
    expect(lines.filter((line) => 'fault' in line)).toEqual([{ line: 7_002, fault: 'broken_quote', cells: ['x', '"broken', '1'] }]);
    expect(lines.at(-1)).toEqual({ line: 20_001, cells: ['name 19999', '19999'] });
  });

  test('a broken quote at line 700,000 of a large file: its line is told, all others are read, and memory stays flat', async () => {
    const file = async function* () {
      yield 'a;b\n';
      for (let from = 0; from < 750_000; from += 5_000)
        yield Array.from({ length: 5_000 }, (_, i) =>
          from + i === 699_998 ? 'x;"broken;1\n' : `name of somebody ${from + i};"8 916 000 ${from + i}"\n`,
        ).join('');
    };
    const faults: unknown[] = [];
    let [read, most] = [0, 0];
    const before = process.memoryUsage().heapUsed;
    for await (const line of readCsv(file(), ';')) {
      if ('fault' in line) faults.push(line);
      if (++read % 25_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    expect(read).toBe(750_001);
    expect(faults).toEqual([{ line: 700_000, fault: 'broken_quote', cells: ['x', '"broken', '1'] }]);
    expect(most).toBeLessThan(120_000_000); // all of it would be three times as much
  }, 60_000);

  test('a line without an end costs no memory', async () => {
    const lines = await collect(readCsv(parts(`a;b\n${'x'.repeat(1_000_000)}\n1;2\n`, 100_000), ';'));
    expect(lines.filter((line) => 'fault' in line).length).toBeGreaterThan(0);
    expect(lines.at(-1)!.cells).toEqual(['1', '2']);
  });
});

const TABLE = [['Анна «А»', '=1+1', '+79161112233'], ['Борис', 'строка\nвторая', '']]; // prettier-ignore
const written = async (format: SheetFormat): Promise<Buffer> => {
  const rows = async function* () {
    yield* TABLE;
  };
  const columns = [{ key: 'name', label: 'Имя' }, { key: 'note', label: 'Заметка' }, { key: 'phones', label: 'Телефоны' }]; // prettier-ignore
  const chunks: Buffer[] = [];
  for await (const chunk of writeSheet(format, { columns, rows: rows(), language: 'ru' })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

test('what we export we read: nothing is lost', async () => {
  expect(cells(await read('a.xlsx', await written('xlsx')))).toEqual([['Имя', 'Заметка', 'Телефоны'], ...TABLE]);
  expect(cells(await read('a.xml', await written('xml')))).toEqual([['name', 'note', 'phones'], TABLE[0], TABLE[1]]);
  const csv = cells(await read('a.csv', await written('csv')));
  expect(csv).toEqual([['Имя', 'Заметка', 'Телефоны'], ['Анна «А»', "'=1+1", '+79161112233'], TABLE[1]]);
  const dbf = cells(await read('a.dbf', await written('dbf')));
  expect(dbf[2]).toEqual(['Борис', 'строка вторая', '']);
  const vcf = cells(await read('a.vcf', await written('vcf')));
  expect(vcf[2]!.slice(0, 1)).toEqual(['Борис']);
});

const book = (sheet: string, more: Record<string, string> = {}) =>
  zipSync({ 'xl/workbook.xml': strToU8('<workbook/>'), ...Object.fromEntries(Object.entries(more).map(([name, text]) => [name, strToU8(text)])), 'xl/worksheets/sheet1.xml': strToU8(sheet) }); // prettier-ignore

describe('xlsx', () => {
  test('shared texts, gaps, dates', async () => {
    const lines = await read(
      'b.xlsx',
      book('<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="3"><c r="A3"><v>5</v></c><c r="C3" s="1"><v>45000</v></c></row></sheetData></worksheet>', {
        'xl/sharedStrings.xml': '<sst><si><t>Имя</t></si><si><r><t>Да</t></r><r><t>та</t></r></si></sst>',
        'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
      }),
    ); // prettier-ignore
    expect(lines).toEqual([
      { line: 1, cells: ['Имя', '', 'Дата'] },
      { line: 3, cells: ['5', '', '2023-03-15'] },
    ]);
  });

  test('a bomb is refused before it has unpacked', async () => {
    const bytes = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(60_000_000).fill(0x20) });
    await expect(read('bomb.xlsx', bytes)).rejects.toMatchObject({ data: { issues: [{ code: 'zip_bomb' }] } });
  });
  test('neither a broken archive nor entities get further', async () => {
    await expect(read('c.xlsx', Buffer.from('PK\u0003\u0004rubbish'))).rejects.toMatchObject({ code: 'invalid' });
    await expect(read('d.xlsx', book('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'))).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('dbf', () => {
  test('a header that lies about the number of rows is not believed', async () => {
    const dbf = await written('dbf');
    dbf.writeUInt32LE(4_000_000_000, 4);
    expect(cells(await read('lie.dbf', dbf))).toHaveLength(3);
  });
  test.each([[8, 60_000], [8, 1], [10, 0], [10, 3]])('nor one that lies about lengths (byte %i: %i)', async (at, value) => {
    const dbf = await written('dbf');
    dbf.writeUInt16LE(value, at);
    await expect(read('lie2.dbf', dbf)).rejects.toMatchObject({ data: { issues: [{ code: 'bad_header' }] } });
  }); // prettier-ignore
});

describe('xml', () => {
  test('entities of the file’s own are refused', async () => {
    const xml = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r><c><n>&b;</n></c></r>';
    await expect(read('e.xml', Buffer.from(xml))).rejects.toMatchObject({ data: { issues: [{ code: 'doctype' }] } });
  });
  test('a malformed one too', async () => {
    await expect(read('f.xml', Buffer.from('<?xml version="1.0"?><r><c><n>x</c></r>'))).rejects.toMatchObject({ code: 'invalid' });
  });
  test('cp1251, attributes, repeated elements', async () => {
    const xml = iconv.encode(
      '<?xml version="1.0" encoding="windows-1251"?><r><c id="7"><имя>Анна</имя><тел>1</тел><тел>2</тел></c></r>',
      'win1251',
    );
    expect(cells(await read('g.xml', xml))).toEqual([['id', 'имя', 'тел'], ['7', 'Анна', '1; 2']]); // prettier-ignore
  });
});

test.each([
  ['2.1', 'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=9F=\r\n=D1=91=D1=82=D1=80\r\nTEL;CELL:8 916 111-22-33\r\nEND:VCARD\r\n'],
  ['3.0', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Иванов \r\n Пётр\r\nTEL;TYPE=CELL:8 916 111-22-33\r\nEND:VCARD\r\n'],
  ['4.0', 'BEGIN:VCARD\r\nVERSION:4.0\r\nitem1.FN:Иванов Пётр\r\nTEL;VALUE=uri:tel:8 916 111-22-33\r\nEND:VCARD\r\n'],
])('vCard %s', async (_, text) => {
  const [, card] = cells(await read('v.vcf', Buffer.from(text)));
  expect([card![0], card![3]]).toEqual(['Иванов Пётр', '8 916 111-22-33']);
}); // prettier-ignore

describe('what columns mean', () => {
  test.each([
    [['First Name', 'Middle Name', 'Last Name', 'Company', 'Job Title', 'Business Phone', 'Mobile Phone', 'E-mail Address', 'Notes'], ['name.first', 'name.middle', 'name.last', 'company', 'position', 'phones', 'phones', 'emails', 'note']],
    [['Имя', 'Отчество', 'Фамилия', 'Организация', 'Должность', 'Рабочий телефон', 'Адрес эл. почты', 'Заметки', 'Пол'], ['name.first', 'name.middle', 'name.last', 'company', 'position', 'phones', 'emails', 'note', null]],
    [['Наименование', 'Телефон', 'Наименование'], ['name', 'phones', null]],
  ])('%j', (columns, expected) => expect(proposeMapping(columns, [])).toEqual(expected)); // prettier-ignore

  test.each([
    ['8 916 111-22-33, 8 (495) 222-33-44', ['8 916 111-22-33', '8 (495) 222-33-44']],
    ['+7 916 111 22 33; +7 916 111 22 34', ['+7 916 111 22 33', '+7 916 111 22 34']],
    ['8 495 222-33-44, доб. 12', ['8 495 222-33-44, доб. 12']],
    ['8(342)2112233/8(342)2112234', ['8(342)2112233', '8(342)2112234']],
    ['нет', []],
  ])('two numbers in a cell: %j', (cell, expected) => expect(splitPhones(cell)).toEqual(expected)); // prettier-ignore

  test('an organisation that comes without a person is itself the client', () => {
    expect(draftOf(['ООО Рога', ''], ['company', 'name'], 'person')).toMatchObject({ name: 'ООО Рога', kind: 'company', company: '' });
    expect(draftOf(['Иванов', 'Пётр'], ['name.last', 'name.first'], 'person')).toMatchObject({ name: 'Иванов Пётр', kind: 'person' });
  });
});

describe('tables that need LibreOffice', () => {
  const dir = mkdtempSync(join(tmpdir(), 'allo-office-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const file = (bytes: Buffer | string): string => {
    const path = join(dir, `${Math.random()}.bin`);
    writeFileSync(path, bytes);
    return path;
  };
  const codeOf = (work: Promise<void>) =>
    work.then(
      () => 'done',
      (err: { data: { issues: { code: string }[] } }) => err.data.issues[0]!.code,
    );

  test('are known by their bytes', async () => {
    expect(await officeKind(file(Buffer.from('d0cf11e0a1b11ae1', 'hex')))).toBe('xls');
    expect(await officeKind(file(`PK\x03\x04${'\0'.repeat(26)}mimetypeapplication/vnd.oasis.opendocument.spreadsheet`))).toBe('ods');
    expect(await officeKind(file(`PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`))).toBeNull();
    expect(await officeKind(file('a;b'))).toBeNull();
  });

  test('a suite that is not there, fails, or takes for ever is told of, and leaves nothing behind', async () => {
    expect(await codeOf(toXlsx(file('x'), 'xls', { programs: ['no-such-suite'] }))).toBe('no_office');
    expect(await codeOf(toXlsx(file('x'), 'xls', { programs: ['no-such-suite', 'false'] }))).toBe('office_failed');
    expect(await codeOf(toXlsx(file('x'), 'xls', { programs: ['true'] }))).toBe('office_failed'); // content, but nothing was written
    const slow = file('#!/bin/sh\nsleep 60\n');
    chmodSync(slow, 0o755);
    expect(await codeOf(toXlsx(file('x'), 'xls', { programs: [slow], timeoutMs: 50 }))).toBe('office_timeout');
    expect(readdirSync(dir).filter((name) => !name.endsWith('.bin'))).toEqual([]);
  });

  test('a suite is given none of our secrets, and one table at a time', async () => {
    const log = join(dir, 'log.bin');
    // its seventh argument is where the table is to be written
    const suite = file(`#!/bin/sh\necho begins >> ${log}\nsleep 0.1\nmkdir "$7"\nenv > "$7/table.xlsx"\necho ends >> ${log}\n`);
    chmodSync(suite, 0o755);
    process.env.ALLO_TEST_SECRET = 'secret';
    const [one, other] = [file('x'), file('y')];
    await Promise.all([one, other].map((path) => toXlsx(path, 'xls', { programs: [suite] })));
    delete process.env.ALLO_TEST_SECRET;
    const given = Object.fromEntries(readFileSync(one, 'utf8').trim().split('\n').map((line) => line.split('=', 2))) as Record<string, string>; // prettier-ignore
    expect(Object.keys(given).filter((key) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(key)).sort()).toEqual(['HOME', 'LANG', 'PATH']); // prettier-ignore
    expect(given.HOME?.startsWith(`${one}-`)).toBe(true);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['begins', 'ends', 'begins', 'ends']);
  });

  const suite = ['soffice', 'libreoffice'].find((name) => (process.env.PATH ?? '').split(':').some((path) => existsSync(join(path, name))));
  test.skipIf(suite === undefined)(
    'where it is installed an ODS is read as the same table',
    async () => {
      const csv = join(dir, 'table.csv');
      writeFileSync(csv, 'name,phone\nIvan,+79160000001\n');
      execFileSync(suite!, ['--headless', `-env:UserInstallation=file://${dir}/own`, '--convert-to', 'ods', '--outdir', dir, csv]);
      const path = join(dir, 'table.ods');
      expect(await officeKind(path)).toBe('ods');
      await toXlsx(path, 'ods');
      const kind = await kindOf(path, 'table.ods');
      const lines = [];
      for await (const line of readTable(path, statSync(path).size, kind)) lines.push('cells' in line ? [...line.cells] : []);
      expect(lines).toEqual([
        ['name', 'phone'],
        ['Ivan', '+79160000001'],
      ]);
    },
    60_000,
  );
});
