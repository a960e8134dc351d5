import './track.css';
