import { parseArgs } from 'node:util';
import { linkCallbackOf } from '../supervisor/environment.js';
import { startOperatorSimulator } from './simulator.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    latency: { type: 'string', default: '0' },
    receipts: { type: 'string', default: 'on' },
    'receipt-step': { type: 'string', default: '40' },
    'connect-to': { type: 'string' },
    'link-port': { type: 'string', default: '0' },
    'account-sid': { type: 'string' },
    'auth-token': { type: 'string' },
  },
});

const accountSid = values['account-sid'] ?? process.env['TWILIO_ACCOUNT_SID'];
// The environment is the discreet way: arguments are seen by every user of the machine.
const authToken = values['auth-token'] ?? process.env['TWILIO_AUTH_TOKEN']?.split(',')[0];
if (accountSid === undefined || authToken === undefined) {
  console.error('the operator simulator needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN');
  process.exit(1);
}

const { LINK_MOBILITY_ACCOUNT: account, LINK_MOBILITY_PASSWORD: password } = process.env;
const simulator = await startOperatorSimulator({
  accountSid,
  authToken,
  port: Number(values.port),
  host: values.host,
  ...(values['connect-to'] === undefined ? {} : { connectTo: values['connect-to'] }),
  ...(values.data === undefined ? {} : { dataFile: values.data }),
  link: {
    port: Number(values['link-port']),
    ...(account === undefined || password === undefined ? {} : { account, password }),
    ...(process.env['LINK_MOBILITY_CALLBACK_TOKEN'] ? { callbackUrl: linkCallbackOf(process.env) } : {}),
  },
  receiptStepMs: Number(values['receipt-step']),
  control: { latencyMs: Number(values.latency), receipts: values.receipts !== 'off' },
});
// Both its ports may be closed at once, to play an outage: the process stays, and comes back as told.
setInterval(() => undefined, 60_000);
console.log(`operator simulator ${simulator.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
