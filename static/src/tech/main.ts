import './tech.css';
