/** /docs: the service's own OpenAPI document in Swagger UI, with "Try it out". Bundled, nothing from elsewhere. */

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import { startTheme } from '../app/theme';
import './docs.scss';

startTheme();

SwaggerUI({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  tryItOutEnabled: true,
  // Its badge would send the document's address to a validator on the web.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
