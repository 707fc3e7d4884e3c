declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** The options used here. All: https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
  interface Options {
    url: string;
    dom_id: string;
    deepLinking?: boolean;
    tryItOutEnabled?: boolean;
    validatorUrl?: string | null;
    defaultModelsExpandDepth?: number;
    displayRequestDuration?: boolean;
    plugins?: Plugin[];
  }
  type Component = React.FunctionComponent<{ id?: string; type?: string; autoComplete?: string }>;
  /** Swagger UI bundles its own React; another one cannot render into it. */
  export type Plugin = (system: { React: { createElement: typeof React.createElement } }) => {
    wrapComponents: Record<string, (original: Component) => Component>;
  };
  export default function SwaggerUI(options: Options): unknown;
}
