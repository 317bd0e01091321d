/** The part of jstat 1.9 that the estimators use; the package has no types of its own. */
declare module 'jstat' {
  interface Distribution1 {
    inv(p: number, dof: number): number;
    cdf(x: number, dof: number): number;
  }
  interface Distribution2 {
    inv(p: number, a: number, b: number): number;
    cdf(x: number, a: number, b: number): number;
  }
  const module: {
    readonly jStat: {
      readonly studentt: Distribution1;
      readonly chisquare: Distribution1;
      readonly normal: Distribution2;
      readonly beta: Distribution2;
      readonly centralF: Distribution2;
    };
  };
  export default module;
}
