/** A stylesheet as text: build.mjs puts it into the script that imports it. */
declare module "*.css" {
  const text: string;
  export default text;
}
