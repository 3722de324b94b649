using System.Net;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Wire;

/// <summary>To whom a key may be shown, and which links are not followed.</summary>
public class EndpointTests
{
    [Theory]
    [InlineData("https://api.bfl.ai/v1/get_result", true)]
    [InlineData("https://api.us1.bfl.ai/v1/get_result", true)]
    [InlineData("https://bfl.ai/x", true)]
    [InlineData("https://API.BFL.AI/x", true)]
    [InlineData("http://api.bfl.ai/x", false)]
    [InlineData("http://api.us1.bfl.ai/x", false)]
    [InlineData("https://bfl.ai.evil.example/x", false)]
    [InlineData("https://evilbfl.ai/x", false)]
    [InlineData("https://api.bfl.ai@evil.example/x", false)]
    [InlineData("https://evil.example/api.bfl.ai", false)]
    [InlineData("https://api.openai.com/v1", false)]
    [InlineData("https://127.0.0.1/x", false)]
    public void A_key_goes_to_its_vendor_alone(string address, bool allowed) =>
        Assert.Equal(allowed, Endpoint("https://api.bfl.ai").MaySeeKey(new Uri(address)));

    [Theory]
    [InlineData("http://127.0.0.1:5000/bfl/v1/get_result", true)]
    [InlineData("http://127.0.0.1:5001/bfl", false)]
    [InlineData("http://localhost:5000/bfl", false)]
    [InlineData("https://127.0.0.1:5000/bfl", false)]
    [InlineData("http://127.0.0.1/bfl", false)]
    public void With_an_override_the_key_goes_to_exactly_that_origin(string address, bool allowed) =>
        Assert.Equal(allowed, Endpoint("http://127.0.0.1:5000/bfl").MaySeeKey(new Uri(address)));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.9", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("172.15.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("192.169.1.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fc00::1", true)]
    [InlineData("fd12:3456::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("2606:4700::1111", false)]
    public void Addresses_of_this_machine_and_of_private_networks_are_known(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PSImageGen.Core.Wire.Endpoint.IsPrivateAddress(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://localhost/x", true)]
    [InlineData("http://foo.localhost/x", true)]
    [InlineData("http://LOCALHOST:80/x", true)]
    [InlineData("http://[::1]/x", true)]
    [InlineData("http://2130706433/x", true)]
    [InlineData("http://0x7f.1/x", true)]
    [InlineData("http://192.168.0.1/x", true)]
    [InlineData("https://example.com/127.0.0.1", false)]
    public void A_host_that_names_this_machine_is_known_in_every_spelling(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, PSImageGen.Core.Wire.Endpoint.IsPrivateHost(new Uri(address)));

    [Theory]
    [InlineData("http://127.0.0.1:1/a.png")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]:1/a.png")]
    [InlineData("https://localhost/a.png")]
    public async Task A_vendor_on_the_internet_cannot_lead_a_download_into_a_private_network(string link)
    {
        using Transport transport = new();

        ExchangeException e = await Assert.ThrowsAsync<ExchangeException>(() =>
            transport.DownloadAsync(Endpoint("https://api.bfl.ai"), new Uri(link), () => throw new InvalidOperationException("It was followed."), default));

        Assert.True(e.Unusable);
        Assert.Contains("private", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_can_it_lead_a_question_there()
    {
        using Transport transport = new();

        ExchangeException e = await Assert.ThrowsAsync<ExchangeException>(() =>
            transport.ExchangeAsync(Endpoint("https://api.bfl.ai"), VendorRequest.Get("http://127.0.0.1:1/x"), [], null, null, null, default));

        Assert.Contains("private", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a key of 1234 is odd", "a *** of 1234 is odd")]
    [InlineData("k\u200bey", "***")]
    [InlineData("k\u001bey", "***")]
    public void A_key_is_masked_even_where_it_is_taken_apart_by_signs_nobody_sees(string text, string expected) =>
        Assert.Equal(expected, PlainText.Clean(text, secret: "key"));

    private static Endpoint Endpoint(string baseUrl) => new(ProviderRegistry.BuiltIn.Get("BFL").Profile, new Uri(baseUrl), new Credential("key", "test"));
}
