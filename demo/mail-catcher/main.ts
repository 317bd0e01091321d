import { parseArgs } from 'node:util';
import { startMailCatcher } from './mail-catcher.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
  },
});

const catcher = await startMailCatcher({
  port: Number(values.port),
  host: values.host,
  ...(values['smtp-port'] === undefined ? {} : { smtpPort: Number(values['smtp-port']) }),
  ...(values.data === undefined ? {} : { dataFile: values.data }),
});
console.log(`mail catcher ${catcher.url}, ${catcher.smtpUrl}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void catcher.stop().then(() => process.exit(0)));
