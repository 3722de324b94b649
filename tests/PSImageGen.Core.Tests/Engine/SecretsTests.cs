using System.Text.Json.Nodes;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.Core.Tests.Engine;

/// <summary>A key is told to its vendor and to nobody else; what a server says is data.</summary>
public class SecretsTests
{
    [Theory]
    [InlineData("sk-a-wrong-key-1234567890")]
    [InlineData("sk+with/odd=signs&<more>'quotes'")]
    [InlineData("user:pass\"word\\1234")]
    public async Task A_key_that_the_vendor_echoes_is_nowhere_to_be_read(string key)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Variables["OPENAI_API_KEY"] = key;

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.Equal(ImageErrorId.AuthenticationFailed, report.Error!.Id);
        Assert.Contains("Incorrect API key provided: ***", report.Error.VendorMessage, StringComparison.Ordinal);
        string record = string.Join('\n', Texts(JsonNode.Parse(await File.ReadAllTextAsync(report.RecordPath))));
        foreach (string text in new[] { spine.EverythingWritten(), record, report.Error.ToString(), new AIImageException(report.Error).ToString(), report.ToTask().ToString() })
            Assert.DoesNotContain(key, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_is_on_disk_or_told_after_a_good_run()
    {
        await using Spine spine = await Spine.StartAsync();

        await spine.RunAsync(Order.OpenAI);
        await spine.RunAsync(Order.Bfl);

        string everything = spine.EverythingWritten();
        Assert.DoesNotContain(spine.Vendors.OpenAI.Key, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(spine.Vendors.Bfl.Key, everything, StringComparison.Ordinal);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("BFL")]
    public async Task A_key_echoed_in_any_body_or_header_is_masked(string vendor)
    {
        await using Spine spine = await Spine.StartAsync();
        string key = vendor == "BFL" ? spine.Vendors.Bfl.Key : spine.Vendors.OpenAI.Key;
        foreach (string body in new[]
        {
            $$"""{"error":{"message":"your key {{key}} is odd","code":"{{key}}","param":"{{key}}"},"detail":"{{key}}","{{key}}":["{{key}}"]}""",
            $"<html>{key}</html>",
            key,
        })
        {
            spine.Vendors.Faults.Add(new Fault
            {
                Vendor = vendor,
                Stage = FaultStage.Submit,
                Kind = FaultKind.Status,
                Status = 400,
                Body = body,
                ContentType = "text/plain",
                Headers = new Dictionary<string, string> { ["x-request-id"] = key },
            });
            RunReport report = await spine.RunAsync(Order.From(vendor));
            Assert.NotNull(report.Error);
            Assert.DoesNotContain(key, report.Error.ToString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(key, spine.EverythingWritten(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_vendor_says_is_shown_without_control_and_direction_characters_and_not_endlessly()
    {
        await using Spine spine = await Spine.StartAsync();
        string message = "red \u001b[31malert\u001b[0m \a\b\0 line\r\nbreak \u202eesrever\u202c \u200bzero \u0085next " + new string('x', 10_000);
        spine.Vendors.Faults.Add(new Fault
        {
            Vendor = "OpenAI",
            Stage = FaultStage.Submit,
            Kind = FaultKind.Status,
            Status = 400,
            Body = new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["code"] = "a\u001b[1mb" } }.ToJsonString(),
        });

        RunReport report = await spine.RunAsync(Order.OpenAI);

        Assert.StartsWith("red [31malert[0m", report.Error!.VendorMessage, StringComparison.Ordinal);
        Assert.Equal("a[1mb", report.Error.VendorCode);
        Assert.InRange(report.Error.VendorMessage!.Length, 100, 2100);
        foreach (string text in new[] { report.Error.VendorMessage, new AIImageException(report.Error).Message })
            Assert.DoesNotContain(text, c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
        Assert.DoesNotContain("\u001b", await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(report.RecordPath)!, "result.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_of_the_vendor_for_a_state_is_cleaned_too()
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.PollStatus, TaskStatus = "al\u001b[2Jmost\u202e" });

        await spine.RunAsync(Order.Bfl);

        Assert.Contains(spine.Listener.Steps, s => s.Word == "al[2Jmost");
    }

    [Theory]
    [InlineData("""{"id":"t","polling_url":"https://"}""")]
    [InlineData("""{"id":"t","polling_url":"http://["}""")]
    [InlineData("""{"id":"t","polling_url":"file:///etc/passwd"}""")]
    [InlineData("""{"id":"t","polling_url":"javascript:alert(1)"}""")]
    [InlineData("""{"id":"t","polling_url":"../../../x"}""")]
    [InlineData("""{"id":"t","polling_url":""}""")]
    [InlineData("""{"id":"t","polling_url":7}""")]
    [InlineData("""{"id":"../../t?x=1&y","polling_url":null}""")]
    public async Task A_link_or_an_id_that_is_none_is_an_error_of_the_vendor_and_not_ours(string body)
    {
        await using Spine spine = await Spine.StartAsync();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Submit, Kind = FaultKind.WrongBody, Body = body });

        RunReport report = await spine.RunAsync(Order.Bfl with { Timeout = TimeSpan.FromMinutes(5) });

        Assert.NotNull(report.Error);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Equal(1, spine.Bfl.Submits);
        Assert.Empty(spine.Vendors.Violations);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("/etc/passwd")]
    [InlineData("part:0")]
    [InlineData("part:-1")]
    [InlineData("https://")]
    public async Task A_picture_link_that_is_no_web_address_is_not_opened(string link)
    {
        await using Spine spine = await Spine.StartAsync();
        string body = new JsonObject { ["id"] = "t", ["status"] = "Ready", ["result"] = new JsonObject { ["sample"] = link } }.ToJsonString();
        spine.Vendors.Faults.Add(new Fault { Vendor = "BFL", Stage = FaultStage.Poll, Kind = FaultKind.WrongBody, Body = body });

        RunReport report = await spine.RunAsync(Order.Bfl);

        Assert.NotNull(report.Error);
        Assert.True(report.Error.MayHaveBeenCharged);
        Assert.Empty(spine.Pictures());
    }

    [Fact]
    public void A_credential_shows_itself_to_nobody()
    {
        Credential credential = new("sk-secret", "environment: X");

        Assert.DoesNotContain("secret", credential.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", System.Text.Json.JsonSerializer.Serialize(credential), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new Wire.Anything(credential).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(typeof(ProviderInfo).GetProperties(), p => p.PropertyType == typeof(Credential));
        Assert.DoesNotContain("secret", new PSImageGen.Core.Wire.Endpoint(ProviderRegistry.BuiltIn.Get("BFL").Profile, new Uri("https://api.bfl.ai"), credential).ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => Texts(p.Value).Prepend(p.Key)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value => [value.ToString()],
        _ => [],
    };

    private static class Wire
    {
        // A record prints its members.
        public sealed record Anything(Credential Credential);
    }
}
