/** /docs: the service's OpenAPI document in Swagger UI, with "Try it out". Nothing is loaded from other hosts. */

import SwaggerUI, { type Plugin } from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import { startTheme } from '../ui/theme';
import './docs.scss';

startTheme();

/** Hides the API key while it is typed, which Swagger UI shows. */
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
  // The validator's badge would send the document's address to a website.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  plugins: [concealKey],
});
