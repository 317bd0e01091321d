import {
  alertsOperators,
  answerOutcome,
  networkOutcome,
  NO_ROUTE_CODES,
  operatorSays,
  treatmentOf,
} from './operator-errors.js';

const refused = { result: 'refused', errorCode: 'x', optedOut: false } as const;

describe('what we do about an error of an operator', () => {
  it.each([
    ['twilio', '21610', 'stop-for-ever'],
    ['twilio', '21211', 'flag-number'],
    ['twilio', '21614', 'flag-number'],
    ['twilio', '30003', 'try-later'],
    ['twilio', '30005', 'flag-number'],
    ['twilio', '30007', 'alert-operators'],
    ['twilio', '30036', 'slow-down'],
    ['twilio', '20429', 'slow-down'],
    ['twilio', '20003', 'alert-operators'],
    ['twilio', '21408', 'no-route'],
    ['twilio', '21612', 'no-route'],
    ...['21212', '21267', '21401', '21601', '21606', '21607', '21608'].map(
      (code) => ['twilio', code, 'alert-operators'] as const,
    ),
    ...['21659', '21660', '21661', '21701', '21703', '21704', '21705', '404'].map(
      (code) => ['twilio', code, 'alert-operators'] as const,
    ),
    ['twilio', '21657', 'no-route'],
    ['twilio', '20500', 'in-doubt'],
    ['link-mobility', '16', 'flag-number'],
    ['link-mobility', '100', 'flag-number'],
    ['link-mobility', '18', 'alert-operators'],
    ['link-mobility', 'report-113', 'try-later'],
    ['link-mobility', '21610', 'unknown'],
    ['another', '16', 'unknown'],
    ['twilio', null, 'unknown'],
  ] as const)('%s %s: %s', (operator, code, treatment) => {
    expect(treatmentOf(operator, code)).toBe(treatment);
  });

  it('keeps waiting what our own account cannot send now, and gives up what the number or the text forbids', () => {
    expect(answerOutcome('twilio', '21606', refused).result).toBe('not-sent');
    expect(answerOutcome('twilio', '21659', refused).result).toBe('not-sent');
    expect(answerOutcome('twilio', '21612', refused).result).toBe('not-sent');
    expect(answerOutcome('twilio', '21614', refused)).toEqual({ ...refused, errorCode: '21614' });
    expect(answerOutcome('twilio', '21610', refused)).toMatchObject({ result: 'refused', optedOut: true });
    expect(answerOutcome('twilio', '20503', refused).result).toBe('uncertain');
    expect(answerOutcome('twilio', '21999', refused)).toBe(refused);
  });

  it('tells our operators of what is wrong with our account, and of numbers it does not serve', () => {
    expect(alertsOperators('twilio', '20003')).toBe(true);
    expect(alertsOperators('twilio', '21408')).toBe(true);
    expect(alertsOperators('twilio', '20429')).toBe(false);
    expect(NO_ROUTE_CODES).toEqual(['21408', '21612', '21657']);
  });

  it('doubts whatever happened after the connection was made', () => {
    expect(networkOutcome('ECONNREFUSED').result).toBe('not-sent');
    expect(networkOutcome('ENOTFOUND').result).toBe('not-sent');
    expect(networkOutcome('ECONNRESET').result).toBe('uncertain');
    expect(networkOutcome('UND_ERR_HEADERS_TIMEOUT').result).toBe('uncertain');
    expect(networkOutcome('something new').result).toBe('uncertain');
  });

  it('tells the agent what can be acted upon, and nothing of our own machinery', () => {
    expect(operatorSays('30003')).toBe('Téléphone éteint ou hors réseau.');
    expect(operatorSays('report-110')).toBe('Numéro non attribué.');
    expect(operatorSays('20429')).toBeNull();
    expect(operatorSays('UND_ERR_SOCKET')).toBeNull();
  });
});
