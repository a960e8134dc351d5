// Entry of the board's pages at /ops/.
import { createApp } from 'vue';
import App from './App.vue';
import './design/base.css';
import './design/controls.css';
import { applyTheme } from './ui/theme';
import { bring, language, words } from './words';

applyTheme();
document.documentElement.lang = language();
void bring(language()).then(() => createApp(App).use(words).mount('#app'));
