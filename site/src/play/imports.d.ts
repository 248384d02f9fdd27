/* site/build.mjs bundles the script behind "worker:", and gives its text. */
declare module "worker:*" {
  const source: string;
  export default source;
}
