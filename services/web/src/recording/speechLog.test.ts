import { describe, expect, it } from 'vitest';
import { SpeechLog } from './speechLog.ts';

const ada = new Map([['p-ada', 'Ada']]);
const both = new Map([...ada, ['p-grace', 'Grace']]);
const nobody = new Map<string, string>();

describe('the log of who spoke', () => {
  it('gives out a turn once it is over, and once', () => {
    const log = new SpeechLog();
    for (const at of [1000, 1200, 1400]) log.heard(at, ada);
    expect(log.take()).toEqual([]);
    log.heard(2400, nobody);
    expect(log.take()).toEqual([{ participant_id: 'p-ada', name: 'Ada', start_ms: 1000, end_ms: 1400 }]);
    expect(log.take()).toEqual([]);
  });

  it('takes a pause for breath for no end', () => {
    const log = new SpeechLog();
    log.heard(0, ada);
    log.heard(500, nobody);
    log.heard(600, ada);
    log.heard(2000, nobody);
    expect(log.take()).toMatchObject([{ start_ms: 0, end_ms: 600 }]);
  });

  it('keeps those apart who speak at once, and at the end gives out who still speaks', () => {
    const log = new SpeechLog();
    log.heard(0, both);
    log.heard(200, both);
    expect(log.take(true).map(({ name }) => name)).toEqual(['Ada', 'Grace']);
  });

  it('leaves out what is shorter than one look', () => {
    const log = new SpeechLog();
    log.heard(0, ada);
    log.heard(2000, nobody);
    expect(log.take()).toEqual([]);
  });

  it('gives out no more at once than the server takes', () => {
    const log = new SpeechLog();
    for (let turn = 0; turn < 150; turn++) {
      log.heard(turn * 3000, ada);
      log.heard(turn * 3000 + 200, ada);
      log.heard(turn * 3000 + 1500, nobody);
    }
    expect([log.take().length, log.take().length]).toEqual([100, 50]);
  });
});
