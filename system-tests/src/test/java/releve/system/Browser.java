package releve.system;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.FluentWait;
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
        on(ExpectedConditions.visibilityOfElementLocated(By.name(name)), field -> {
            field.clear();
            field.sendKeys(text);
            return true;
        });
    }

    /** Clicks what that CSS selector finds, when it can be clicked. */
    void click(String selector) {
        on(ExpectedConditions.elementToBeClickable(By.cssSelector(selector)), found -> {
            found.click();
            return true;
        });
    }

    /** Waits until that part of the page says so. */
    void reads(String selector, String text) {
        waits().until(ExpectedConditions.and(
                ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)),
                ExpectedConditions.textToBe(By.cssSelector(selector), text)));
    }

    /** What that part of the page says, once it says something. */
    String text(String selector) {
        return on(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(selector)), part -> {
            String says = part.getText();
            return says.isEmpty() ? null : says;
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

    /** Does something with a part of the page once it is there; a live page may replace it meanwhile. */
    private <T> T on(ExpectedCondition<WebElement> part, Function<WebElement, @Nullable T> what) {
        return waits().until((WebDriver page) -> {
            WebElement found = part.apply(page);
            return found == null ? null : what.apply(found);
        });
    }

    private FluentWait<WebDriver> waits() {
        return new WebDriverWait(driver, PATIENCE).ignoring(StaleElementReferenceException.class);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
