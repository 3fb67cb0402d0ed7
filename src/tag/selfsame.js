// placeholder written next
