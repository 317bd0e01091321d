/** Says how the run went as the very last line, after Jest's own summary and the tear-down. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const nothingRan = results.numTotalTests === 0 && results.numRuntimeErrorTestSuites === 0;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (nothingRan ? 1 : 0);
    const line = `${results.numPassedTests} passed, ${failed} failed\n`;
    process.once('exit', () => process.stdout.write(line));
  }
};
