package releve.system;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** One window of the system's Chromium, and a person who looks at it and clicks. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ChromeDriver driver;
    private final Path pictures;

    /** @param pictures where {@link #picture} puts them */
    Browser(Path pictures) throws Exception {
        this.pictures = Files.createDirectories(pictures);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // as root, which it refuses otherwise; it sees our own pages only
                "--disable-dev-shm-usage",
                "--window-size=1100,900");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        this.driver = new ChromeDriver(service, options);
    }

    void open(String url) {
        driver.get(url);
    }

    /** Fills a field of a form, by its name. */
    void fill(String name, String text) {
        WebElement field = seen(By.name(name));
        field.clear();
        field.sendKeys(text);
    }

    /** Clicks what that CSS selector finds, when it can be clicked; a live page may replace it under the pointer. */
    void click(String selector) {
        waits().until((WebDriver page) -> {
            WebElement target = ExpectedConditions.elementToBeClickable(By.cssSelector(selector))
                    .apply(page);
            if (target == null) {
                return false;
            }
            target.click();
            return true;
        });
    }

    /** Waits until that part of the page says so. */
    void reads(String selector, String text) {
        waits().until(ExpectedConditions.and(
                ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)),
                ExpectedConditions.textToBe(By.cssSelector(selector), text)));
    }

    /** What that part of the page says now. */
    String text(String selector) {
        return waits().until((WebDriver page) -> {
            WebElement part = ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector))
                    .apply(page);
            return part == null || part.getText().isEmpty() ? null : part.getText();
        });
    }

    /** Waits until the page is at an address that begins so. */
    void isAt(String url) {
        waits().until((WebDriver page) -> page.getCurrentUrl().startsWith(url));
    }

    /** What the page shows now, for whoever looks at it afterwards. */
    void picture(String name) throws Exception {
        Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    private WebElement seen(By what) {
        return waits().until(ExpectedConditions.visibilityOfElementLocated(what));
    }

    private WebDriverWait waits() {
        WebDriverWait waits = new WebDriverWait(driver, PATIENCE);
        waits.ignoring(StaleElementReferenceException.class);
        return waits;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
