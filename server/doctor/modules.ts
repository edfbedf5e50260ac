import type { PbxFacts } from '../../cti/index.ts';
import { file, isYes, section, value } from './config.ts';
import { edit, error, ok, reload, warning } from './finding.ts';
import type { Finding, Level } from './finding.ts';

/** By what fails without them. */
const NEEDED = {
  'modules-calls': ['app_queue', 'app_dial', 'app_stack', 'chan_pjsip', 'res_pjsip', 'res_pjsip_session', 'func_channel', 'func_callerid'],
  'modules-phone': ['res_http_websocket', 'res_pjsip_transport_websocket', 'res_srtp', 'res_rtp_asterisk', 'res_pjsip_header_funcs'],
  'modules-recording': ['app_mixmonitor', 'format_wav'],
  'modules-orders': [
    'res_pjsip_notify',
    'res_pjsip_refer',
    'res_parking',
    'app_chanspy',
    'app_confbridge',
    'app_userevent',
    'func_strings',
  ],
} as const;

export const MODULES: readonly string[] = [...Object.values(NEEDED).flat(), 'cel_custom'];

/** @param browsers whether operators talk in the browser at this PBX */
export const checkModules = (facts: PbxFacts, browsers: boolean): Finding[] => {
  const { modules } = facts;
  if (modules === null) return [];
  const config = section(file(facts, 'modules.conf'), 'modules');
  const auto = isYes(value(config, 'autoload') ?? 'yes');
  const level: Record<keyof typeof NEEDED, Level> = {
    'modules-calls': 'error',
    'modules-phone': browsers ? 'error' : 'ok',
    'modules-recording': 'warning',
    'modules-orders': 'warning',
  };
  return (Object.keys(NEEDED) as (keyof typeof NEEDED)[]).map((group) => {
    const missing = NEEDED[group].filter((name) => !modules[name]);
    if (missing.length === 0 || level[group] === 'ok') return ok(group);
    const barred = (config?.lines ?? []).filter(([key, text]) => key === 'noload' && missing.some((name) => text === `${name}.so`));
    const fix = edit('modules.conf', 'modules', {
      remove: barred.map(([, text]) => `noload = ${text}`),
      add: auto ? [] : missing.map((name) => `load = ${name}.so`),
      then: missing.map((name) => reload(`module load ${name}.so`)).join('; '),
    });
    return (level[group] === 'error' ? error : warning)(group, { params: { missing: missing.join(', ') }, fix });
  });
};
