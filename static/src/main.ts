// Entry of the board's pages at /ops/.
import { createApp } from 'vue';
import App from './App.vue';
import './design/base.css';
import './design/controls.css';
import { applyTheme } from './ui/theme';
import { language, words } from './words';

applyTheme();
document.documentElement.lang = language();
createApp(App).use(words).mount('#app');
