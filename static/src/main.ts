// Entry of the board's pages at /ops/.
import { createApp } from 'vue';
import App from './App.vue';
import './design/base.css';
import './design/controls.css';
import { askAhead } from './board/ahead';
import { knock, route } from './house';
import { steady } from './ui/steady';
import { applyTheme } from './ui/theme';
import { speakOfFields } from './ui/validity';
import { bring, language, words } from './words';

applyTheme();
steady(document);
speakOfFields(document);
document.documentElement.lang = language();
knock();
askAhead(route.value);
void bring(language()).then(() => createApp(App).use(words).mount('#app'));
