import type { TwilioGateway } from '../../src/notifications/providers/twilio.gateway.js';
import { twilioTo } from '../support/gateways.js';
import { AUTH_TOKEN, useSilentSimulator } from '../support/operators-stand.js';

/** More than the operator shows at once. */
const OTHERS = 120;

describe('the newest texts of our sender in an account that others share', () => {
  const stand = useSilentSimulator();

  const gatewayOf = (sender: string) =>
    twilioTo(stand.simulator.url, { TWILIO_AUTH_TOKEN: AUTH_TOKEN, TWILIO_SENDER: sender });
  const send = (gateway: TwilioGateway, rank: number) =>
    gateway.send({
      attemptId: String(rank),
      recipient: `+336123${String(10_000 + rank)}`.replace(/9\d$/, '01'),
      body: 'Rappel',
      callbackUrl: 'http://127.0.0.1:9/hook',
      validitySeconds: 60,
    });

  it.each(['MonSuiviJus', `MG${'1'.repeat(32)}`])(
    'are found behind those of another (%s)',
    async (sender) => {
      const [ours, others] = [gatewayOf(sender), gatewayOf('UnAutre')];
      await send(ours, 1);
      for (let rank = 0; rank < OTHERS; rank++) await send(others, rank);
      expect(await ours.recent()).toEqual([expect.objectContaining({ recipient: '+33612310001' })]);
      expect(await others.recent()).toHaveLength(50);
      await ours.close();
      await others.close();
    },
  );
});
