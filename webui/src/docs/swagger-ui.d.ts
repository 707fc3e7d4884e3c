declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** The options used here; https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ has all. */
  interface Options {
    url: string;
    dom_id: string;
    deepLinking?: boolean;
    tryItOutEnabled?: boolean;
    validatorUrl?: string | null;
    defaultModelsExpandDepth?: number;
    displayRequestDuration?: boolean;
  }
  export default function SwaggerUI(options: Options): unknown;
}
