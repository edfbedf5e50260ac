import { createHash } from 'node:crypto';
import type { AmiPeer } from '../ami/timing.ts';
import type { ConfigFile, ConfigSection, DialplanStep, EndpointFacts, PbxFacts, PbxInspection } from './facts.ts';
import type { AmiMessage } from '../ami/message.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

const FILES = [
  'asterisk.conf',
  'manager.conf',
  'modules.conf',
  'logger.conf',
  'extconfig.conf',
  'cel.conf',
  'cel_custom.conf',
  'queues.conf',
  'pjsip.conf',
  'http.conf',
] as const;

/** Never kept: what doctor prints may be sent to others. */
const SECRET = /^(secret|.*password|.*secret|tlsprivatekey)$/;

export interface InspectOptions {
  readonly peer: AmiPeer;
  readonly wanted: readonly string[];
  readonly modules: readonly string[];
  /** Which endpoints are operators' phones. */
  readonly isExtension: (name: string) => boolean;
}

/** Asks an Asterisk about itself; changes nothing there. */
export async function inspect(options: InspectOptions): Promise<PbxInspection> {
  let session: Session | null = null;
  try {
    session = await openSession(options.peer);
    return { reached: true, facts: await gather(session, options) };
  } catch (err) {
    return { reached: false, reason: (err as Error).message };
  } finally {
    session?.close();
  }
}

async function gather({ ask }: Session, { wanted, modules, isExtension }: InspectOptions): Promise<PbxFacts> {
  const sent = performance.now();
  const ping = await ask('Ping');
  const clockOffsetMs = Number(ping.response.get('Timestamp')) * 1000 - (Date.now() - (performance.now() - sent) / 2);
  const settings = (await ask('CoreSettings')).response;
  const actions = (await ask('ListCommands')).response
    .pairs()
    .filter(([key, about]) => about.includes('(Priv:') || key === 'Ping')
    .map(([key]) => key);
  const may = (action: string) => actions.includes(action);

  const configs: Record<string, ConfigFile | 'absent' | 'denied'> = {};
  for (const Filename of FILES) {
    const { ok, response } = await ask('GetConfig', { Filename });
    configs[Filename] = ok ? sections(response) : may('GetConfig') ? 'absent' : 'denied';
  }
  const loaded: Record<string, boolean> = {};
  if (may('ModuleCheck')) for (const name of modules) loaded[name] = (await ask('ModuleCheck', { Module: `${name}.so` })).ok;

  return {
    version: settings.get('AsteriskVersion') || ping.response.get('Version'),
    systemName: settings.get('SystemName'),
    clockOffsetMs: Math.round(clockOffsetMs) + 0,
    actions,
    wanted,
    configs,
    modules: may('ModuleCheck') ? loaded : null,
    dialplan: may('ShowDialPlan') ? steps((await ask('ShowDialPlan')).items) : null,
    endpoints: may('PJSIPShowEndpoint') ? await endpoints(ask, isExtension) : null,
  };
}

function sections(response: AmiMessage): ConfigFile {
  const found = new Map<string, ConfigSection & { lines: [string, string][] }>();
  for (const [key, value] of response.pairs()) {
    const [what, number] = key.split('-');
    if (what === 'Category') found.set(number!, { name: value, lines: [] });
    if (what !== 'Line') continue;
    const at = value.indexOf('=');
    const name = value.slice(0, at).trim().toLowerCase();
    if (!SECRET.test(name)) found.get(number!)?.lines.push([name, value.slice(at + 1).trim()]);
  }
  return [...found.values()];
}

const steps = (items: readonly AmiMessage[]): DialplanStep[] =>
  items
    .filter((item) => item.event === 'ListDialplan')
    .map((item) => ({
      context: item.get('Context'),
      exten: item.get('Extension'),
      app: item.get('Application'),
      data: item.get('AppData'),
    }));

async function endpoints(ask: Session['ask'], isExtension: (name: string) => boolean): Promise<EndpointFacts[]> {
  const list = await ask('PJSIPShowEndpoints');
  const names = list.items.map((item) => item.get('ObjectName')).filter(isExtension);
  const found: EndpointFacts[] = [];
  for (const name of names) {
    const { items } = await ask('PJSIPShowEndpoint', { Endpoint: name });
    const detail = items.find((item) => item.event === 'EndpointDetail');
    if (detail)
      found.push(
        endpoint(
          name,
          detail,
          items.find((i) => i.event === 'AorDetail'),
          items.find((i) => i.event === 'AuthDetail'),
        ),
      );
  }
  return found;
}

const yes = (text: string | undefined) => ['yes', 'true', '1', 'on'].includes((text ?? '').toLowerCase());

function endpoint(name: string, detail: AmiMessage, aor: AmiMessage | undefined, auth: AmiMessage | undefined): EndpointFacts {
  const password = auth?.get('Password') ?? '';
  return {
    name,
    webrtc: yes(detail.get('Webrtc')),
    directMedia: yes(detail.get('DirectMedia')),
    certificate: yes(detail.get('DtlsAutoGenerateCert')) || detail.get('DtlsCertFile') !== '',
    codecs: detail
      .get('Allow')
      .split(/[(),|]+/)
      .filter(Boolean),
    maxContacts: Number(aor?.get('MaxContacts') ?? 0),
    removeExisting: yes(aor?.get('RemoveExisting')),
    passwordHash: password === '' ? null : createHash('sha256').update(password).digest('hex'),
    passwordWeak: password !== '' && (password.length < 12 || password.includes(name)),
  };
}
