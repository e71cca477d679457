// Adds up the results of all test runners: each line of FOLDER/expected names a file that a runner had to write, a .trx of
// Visual Studio's format or a .json of Vitest. A runner that wrote none or found no test counts as one failure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const name of readFileSync(join(folder, 'expected'), 'utf8').trim().split('\n')) {
  const result = read(join(folder, name));
  if (result === null || result.passed + result.failed + result.skipped === 0) {
    console.error(`${name}: ${result === null ? 'its runner did not finish' : 'its runner found no test'}`);
    sum.failed += 1;
    continue;
  }

  for (const key of Object.keys(sum)) {
    sum[key] += result[key];
  }
}

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function read(path) {
  if (!existsSync(path)) {
    return null;
  }

  const text = readFileSync(path, 'utf8');
  return path.endsWith('.json') ? readVitest(JSON.parse(text)) : readTrx(text);
}

function readVitest(report) {
  // A file that fails before its first test has no failed test.
  const brokenFiles = report.testResults.filter(file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

function readTrx(text) {
  const outcomes = [...text.matchAll(/<UnitTestResult\b[^>]*\boutcome="([^"]+)"/g)].map(match => match[1]);
  const passed = outcomes.filter(outcome => outcome === 'Passed').length;
  const skipped = outcomes.filter(outcome => outcome === 'NotExecuted').length;

  // A test host that crashed says so in the run's own outcome.
  const runFailed = /<ResultSummary\b[^>]*\boutcome="(?!Completed|Passed)[^"]+"/.test(text);
  const failed = outcomes.length - passed - skipped;
  return { passed, skipped, failed: failed === 0 && runFailed ? 1 : failed };
}
