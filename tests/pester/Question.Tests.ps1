# The text that is read before a yes, word for word but for the amounts and dates, which change with the price lists.

Describe 'The question' {
    BeforeAll {
        . (Join-Path $PSScriptRoot Common.ps1)
        Connect-Vendor
        $others = @{
            STABILITY_BASE_URL = "$env:FAKE_ORIGIN/stability"; STABILITY_API_KEY = 'sk-fake-stability-57c20be9f14a'
            CREATOK_BASE_URL = "$env:FAKE_ORIGIN/creatok"; CREATOK_API_KEY = 'ok_fake-5d20c8e1f7a3'
            WELLAPI_BASE_URL = "$env:FAKE_ORIGIN/wellapi/v1"; WELLAPI_API_KEY = 'sk-fake-wellapi-2c94b7e06d1f'
        }
        $others.GetEnumerator() | ForEach-Object { Set-Item "Env:$($_.Key)" $_.Value }

        # It cannot be asked here, so it is read in the refusal, on one line. The names of the addresses are those of the fakes.
        function Get-Question([scriptblock] $Script) {
            $failure = Get-Failure $Script
            $failure.FullyQualifiedErrorId | Should -BeLike 'ConsentRequired,*'
            $text = "$failure" -replace ' at 127\.0\.0\.1:\d+' -replace '\d{4}-\d\d-\d\d', 'DAY' -replace '(about|to|at most|or|and|,) \d+(\.\d+)?(?= (to|USD|credits?|each))', '$1 N'
            $text.Substring($text.IndexOf('sent. ') + 6)
        }
    }

    AfterAll {
        $others.Keys | ForEach-Object { Remove-Item "Env:$_" }
        Disconnect-Vendor
    }

    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $env:PSIMAGEGEN_STATE = Join-Path $PWD.ProviderPath state
        $null = New-AIImage 'a harbour' -Provider Demo -Size 1024x1024 -Name harbour
    }

    AfterEach { Pop-Location }

    It 'has the model, the size, the amount and the date that Measure-AIImageCost tells' {
        $quote = Measure-AIImageCost 'a fox' -Provider BFL -Size 1500x1000 -Count 2
        $failure = Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 1500x1000 -Count 2 -Confirm }

        $quote.Amount | Should -BeGreaterThan 0
        "$failure" | Should -BeLike ('*({0}), {1} pixels, about {2:0.####} USD, {3:0.####} each (price of {4}).*' -f $quote.Model, $quote.Size, $quote.Amount, ($quote.Amount / 2), $quote.PriceDate)
        (Get-Failure { New-AIImage 'a fox' -Provider BFL -Size 1500x1000 -Count 2 -MaxCost ($quote.AmountMax - 0.001) }).FullyQualifiedErrorId | Should -BeLike 'BudgetExceeded,*'
    }

    It '<Name>' -ForEach @(
        @{ Name = 'one provider'; Call = { New-AIImage 'a fox' -Provider OpenAI -Quality low -Size 1536x1024 -Confirm }
            Text = 'Generate 1 picture: "a fox". OpenAI (gpt-image-2), 1536x1024 pixels, quality low, about N USD (price of DAY).' }
        @{ Name = 'a row with a count'; Call = { [pscustomobject]@{ Prompt = 'a fox'; Count = '4'; Provider = 'BFL' } | New-AIImage -Confirm }
            Text = 'Generate 4 pictures: "a fox". BFL (flux-2-pro), 1024x1024 pixels, about N USD, N each (price of DAY).' }
        @{ Name = 'a chain'; Call = { New-AIImage 'a fox' -PreferredProvider OpenAI, BFL, Stability -OnlyPreferred -Size 1024x1024 -Confirm }
            Text = 'Generate 1 picture: "a fox". Asked in turn until one takes it: 1. OpenAI (gpt-image-2), 1024x1024 pixels, about N to N USD. 2. BFL (flux-2-pro), 1024x1024 pixels, about N USD. ' +
            '3. Stability (stable-image-core), 1:1, about N USD. OpenAI: the model chooses the quality; -Quality low, medium or high fixes the price. ' +
            'Stability: the model is not asked for pixels: 1:1 is the nearest to 1024x1024. Only one of them is paid: at most about N USD.' }
        @{ Name = 'prices in credits, and one not known'; Call = { New-AIImage 'a fox' -PreferredProvider WellAPI, CreatOK, BFL -OnlyPreferred -Confirm }
            Text = 'Generate 1 picture: "a fox". Asked in turn until one takes it: 1. WellAPI (gpt-image-2), 1024x1024 pixels, quality low, price not known. 2. CreatOK (nano-banana-2), 2K 1:1, about N credit. ' +
            '3. BFL (flux-2-pro), 1024x1024 pixels, about N USD. Only one of them is paid: at most about N credit or N USD; what WellAPI would take is not known.' }
        @{ Name = 'several may have to be paid'; Call = { New-AIImage 'a fox' -PreferredProvider BFL, CreatOK -OnlyPreferred -FallbackOnUnknown -Confirm }
            Text = 'Generate 1 picture: "a fox". Asked in turn until one takes it: 1. BFL (flux-2-pro), 1024x1024 pixels, about N USD. 2. CreatOK (nano-banana-2), 2K 1:1, about N credit. ' +
            'The next one is asked even if one gives no answer, so several may have to be paid: at most about N USD and N credit in all.' }
        @{ Name = 'what the next ones cannot do'; Call = { New-AIImage 'a fox' -PreferredProvider BFL, Stability -OnlyPreferred -ReferenceImage harbour.png -ConsistencyMode Loose -NegativePrompt dogs -Style woodcut -Confirm }
            Text = 'Generate 1 picture: "a fox". Asked in turn until one takes it: 1. BFL (flux-2-pro), 1024x1024 pixels, about N USD. 2. Stability (style), 1:1, about N USD. The style is added to the prompt. ' +
            'BFL: the negative prompt is added to the prompt: this model has no field for it; this model has no setting for loose consistency: the references count as usual; each picture that goes in adds to the cost. ' +
            'Stability: references only inspire this model: a face or product may come out different. Only one of them is paid: at most about N USD.' }
        @{ Name = 'a change of a part'; Call = { Edit-AIImage harbour.png 'a red boat' -Mask harbour.png -Provider OpenAI -Quality low -Confirm }
            Text = 'Repaint what is white in "harbour.png" of "harbour.png": "a red boat". OpenAI (gpt-image-2), 1024x1024 pixels, quality low, about N USD (price of DAY). Each picture that goes in adds to the cost.' }
    ) {
        Get-Question $Call | Should -BeExactly $Text
        (Get-VendorRequest | Where-Object stage -EQ Submit) | Should -BeNullOrEmpty
    }
}
