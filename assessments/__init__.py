"""第七条 and 附件3: the yearly assessment; 满意度; 第四章: excellent stations."""
