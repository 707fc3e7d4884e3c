/** /docs: the service's own OpenAPI document in Swagger UI, with "Try it out". Bundled, nothing from elsewhere. */

import SwaggerUI, { type Plugin } from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import { startTheme } from '../app/theme';
import './docs.scss';

startTheme();

/** Swagger UI shows the API key while it is typed. */
const concealKey: Plugin = ({ React }) => ({
  wrapComponents: {
    Input: (Input) =>
      function ConcealedInput(props) {
        const concealed = props.id === 'auth-bearer-value' && { type: 'password', autoComplete: 'off' };
        return React.createElement(Input, { ...props, ...concealed });
      },
  },
});

SwaggerUI({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  tryItOutEnabled: true,
  // Its badge would send the document's address to a validator on the web.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  plugins: [concealKey],
});
