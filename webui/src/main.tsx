import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { startLanguage } from './lib/strings';
import { startTheme } from './ui/theme';
import './styles/main.scss';

startTheme();

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');
const root = createRoot(container);

void startLanguage().then(() => {
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
});
