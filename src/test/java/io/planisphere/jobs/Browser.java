package io.planisphere.jobs;

import io.planisphere.Required;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The installed Chromium, headless and without a network. */
final class Browser implements AutoCloseable {
    private static final String MENDED = "install Debian's packages chromium and chromium-driver, as .ci/run does";
    private static final Pattern REQUEST =
            Pattern.compile("\"method\":\"Network\\.requestWillBeSent\".*\"request\":\\{.*?\"url\":\"(.*?)\"");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts the browser. If none is installed, the tests are skipped, except in CI, where they fail. */
    static Browser start() {
        Path browser = installed("chromium");
        Path driver = installed("chromedriver");
        boolean there = Files.isExecutable(browser) && Files.isExecutable(driver);
        Required.require(there, "There is no Chromium with its driver; " + MENDED);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // Chromium's sandbox does not start for root, as in CI; the pages are our own
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--proxy-server=127.0.0.1:9",
                "--window-size=1200,1000");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Path installed(String program) {
        return Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(program));
    }

    /** Opens a page from disk in a window of this size. */
    void open(Path page, int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.get(page.toUri().toString());
    }

    void dark(boolean wanted) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", wanted ? "dark" : "light"))));
    }

    WebElement one(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    String text(String css) {
        return one(css).getText();
    }

    /** Runs a script in the page and returns its result; the caller must know the type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <T> T ask(String script, Object... arguments) {
        return (T) Objects.requireNonNull(driver.executeScript("return " + script, arguments), script);
    }

    /** Returns the value of a promise in the page. */
    Object await(String promise) {
        return Objects.requireNonNull(
                driver.executeAsyncScript("Promise.resolve(" + promise + ").then(arguments[arguments.length - 1])"));
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void back() {
        new Actions(driver)
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.TAB)
                .keyUp(Keys.SHIFT)
                .perform();
    }

    /** Clicks with the mouse in the middle of an element. */
    void click(WebElement element) {
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        new Actions(driver).moveToElement(element).click().perform();
    }

    void drag(WebElement element, int right, int down) {
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
        new Actions(driver)
                .moveToElement(element)
                .clickAndHold()
                .moveByOffset(right, down)
                .release()
                .perform();
    }

    /** Turns the mouse wheel over an element with the control key held: away from the user for a negative number. */
    void wheel(WebElement element, int pixels) {
        driver.executeScript(
                "arguments[0].dispatchEvent(new WheelEvent('wheel', {deltaY: arguments[1], ctrlKey: true, bubbles: true,"
                        + " cancelable: true, clientX: 500, clientY: 400}))",
                element,
                pixels);
    }

    /** Returns the console messages since the previous call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Returns the requests since the previous call. */
    List<String> requests() {
        List<String> urls = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            Matcher request = REQUEST.matcher(entry.getMessage());
            if (request.find()) {
                urls.add(request.group(1));
            }
        }
        return urls;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
