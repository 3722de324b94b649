using System.Text;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Credentials;

/// <summary>Servers of the user's own: where they are, and the password in their address.</summary>
public class SurroundingsTests
{
    private static readonly ProviderProfile Own = new()
    {
        Id = "Own",
        DisplayName = "A server of one's own",
        BaseUrl = new Uri("http://127.0.0.1:7860"),
        BaseUrlVariable = "OWN_BASE_URL",
        NeedsBaseUrl = true,
        KeyInBaseUrl = true,
        KeyPrefix = "Basic ",
        Free = true,
    };

    [Theory]
    [InlineData("http://ann:s%3Ac%40ret@studio:7860/sub/", "http://studio:7860/sub", "ann:s:c@ret")]
    [InlineData("https://ann@studio", "https://studio", "ann:")]
    [InlineData("http://127.0.0.1:8188", "http://127.0.0.1:8188", null)]
    public void A_password_in_the_address_becomes_the_key_and_leaves_the_address(string url, string address, string? pair)
    {
        Surroundings surroundings = With(url);

        Assert.Equal(address, surroundings.BaseUrl(Own).AbsoluteUri.TrimEnd('/'));
        Credential? credential = surroundings.FindCredential(Own);
        Assert.Equal(pair is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)), credential?.Reveal());
        Assert.Equal(pair is null ? null : "environment: OWN_BASE_URL", credential?.Source);
        if (pair is not null)
            Assert.Contains(pair, credential!.Secrets);
    }

    [Theory]
    [InlineData("http://studio?x=1")]
    [InlineData("ftp://ann:secret@studio")]
    [InlineData("ann:secret@studio")]
    public void An_address_that_is_none_is_refused_without_showing_the_password(string url)
    {
        AIImageException e = Assert.Throws<AIImageException>(() => With(url).BaseUrl(Own));

        Assert.Equal(ImageErrorId.InvalidRequest, e.Error.Id);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_there_when_its_variable_is_set_and_else_the_way_to_set_it_is_told()
    {
        Assert.True(With("http://studio").IsConfigured(Own));
        Assert.False(With(" ").IsConfigured(Own));
        Assert.False(With(null).IsConfigured(Own));

        ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = "p" });
        AIImageException e = Assert.Throws<AIImageException>(() => new Planner(new ProviderRegistry(new OwnServer()), With(null)).Plan(request, new Selection { Provider = "Own" }));
        Assert.Equal(ImageErrorId.NoProvider, e.Error.Id);
        Assert.Contains("$env:OWN_BASE_URL = 'http://127.0.0.1:7860'", e.Error.Recommendation, StringComparison.Ordinal);
    }

    private static Surroundings With(string? url) => new(name => name == "OWN_BASE_URL" ? url : null);

    private sealed class OwnServer : Provider
    {
        public override ProviderProfile Profile => Own;

        public override VendorRequest Submit(ProviderCall call) => throw new NotSupportedException();

        public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer) => throw new NotSupportedException();
    }
}
