import { faultOf } from './fault.js';

describe('what an operator’s error means for the ladder', () => {
  it.each([
    ['twilio', '30003', 'unreachable'],
    ['twilio', '30500', 'operator'],
    ['twilio', '30036', 'operator'],
    ['twilio', '21614', 'number'],
    ['twilio', '30005', 'number'],
    ['twilio', '21610', 'opted-out'],
    ['twilio', '30007', 'filtered'],
    ['twilio', '21612', 'unknown'],
    ['twilio', '99999', 'unknown'],
    ['link-mobility', '16', 'number'],
    ['smtp', '550', 'unknown'],
    [null, null, 'unknown'],
    ['twilio', null, 'unknown'],
  ])('%s %s: %s', (operator, code, fault) => {
    expect(faultOf(operator, code)).toBe(fault);
  });
});
